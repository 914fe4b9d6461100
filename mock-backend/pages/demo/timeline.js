/** Draws tokens as bars from their mint to their expiry, on two rows so that a handover can be seen. */

const SVG = "http://www.w3.org/2000/svg";
const ROW_HEIGHT = 34;
const TOP = 26;
/** How much of a token's life is shown before and after now. */
const PAST = 2.4;
const FUTURE = 1.1;
const STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600];

export class Timeline {
  #svg;
  #tokens = [];
  #faults = [];
  #marks = [];

  constructor(svg) {
    this.#svg = svg;
  }

  /** A token, from when it was asked for to when it expires; both in milliseconds since the Unix epoch. */
  add(mintedAt, expiresAt) {
    this.#tokens.push({ number: (this.#tokens.at(-1)?.number ?? 0) + 1, mintedAt, expiresAt });
  }

  /** A failed attempt, and the code of its error. */
  fault(at, code) {
    this.#faults.push({ at, code });
  }

  /** Something that the visitor did. */
  mark(at, label) {
    this.#marks.push({ at, label });
  }

  clear() {
    this.#tokens = [];
    this.#faults = [];
    this.#marks = [];
  }

  draw(now) {
    const last = this.#tokens.at(-1);
    const life = last ? last.expiresAt - last.mintedAt : 20_000;
    const from = now - life * PAST;
    const to = now + life * FUTURE;
    const { width, height } = this.#svg.getBoundingClientRect();
    const x = (at) => ((at - from) / (to - from)) * width;
    this.#tokens = this.#tokens.filter(({ expiresAt }) => expiresAt > from);
    this.#faults = this.#faults.filter(({ at }) => at > from);
    this.#marks = this.#marks.filter(({ at }) => at > from);

    const shapes = [...this.#ticks(now, from, to, x, width, height)];
    for (const [index, token] of this.#tokens.entries())
      shapes.push(...this.#bar(token, this.#tokens[index + 1], now, x));
    for (const { at, label } of this.#marks) {
      shapes.push(shape("line", { class: "mark", x1: x(at), x2: x(at), y1: TOP, y2: height - 36 }));
      shapes.push(text(label, { x: x(at), y: height - 24, "text-anchor": "middle" }));
    }
    for (const { at, code } of this.#faults) {
      const dot = shape("circle", { class: "fault", cx: x(at), cy: TOP - 10, r: 5 });
      dot.append(Object.assign(shape("title", {}), { textContent: code }));
      shapes.push(dot);
    }
    shapes.push(shape("line", { class: "now", x1: x(now), x2: x(now), y1: 16, y2: height - 36 }));
    shapes.push(text("now", { class: "now-label", x: x(now), y: 12, "text-anchor": "middle" }));
    this.#svg.replaceChildren(...shapes);
    this.#svg.setAttribute("aria-label", this.#summary(now));
  }

  *#ticks(now, from, to, x, width, height) {
    const room = Math.max(2, width / 70);
    const step = (STEPS_SECONDS.find((seconds) => (to - from) / 1000 / seconds <= room) ?? 600) * 1000;
    for (let offset = Math.ceil((from - now) / step) * step; now + offset < to; offset += step) {
      const at = x(now + offset);
      yield shape("line", { class: "tick", x1: at, x2: at, y1: TOP - 4, y2: height - 36 });
      if (offset !== 0 && at > 18 && at < width - 24) {
        const label = `${offset > 0 ? "+" : "−"}${Math.abs(offset) / 1000} s`;
        yield text(label, { x: at, y: height - 4, "text-anchor": "middle" });
      }
    }
  }

  *#bar({ number, mintedAt, expiresAt }, next, now, x) {
    const kind = next ? "spent" : expiresAt > now ? "live" : "lapsed";
    const y = TOP + (number % 2) * ROW_HEIGHT;
    const left = x(mintedAt);
    const width = Math.max(x(expiresAt) - left, 2);
    yield shape("rect", { class: kind, x: left, y, width, height: ROW_HEIGHT - 8, rx: 5 });
    const [due, end] = leadWindow(mintedAt, expiresAt).map(x);
    yield shape("rect", {
      class: next ? "lead past" : "lead",
      x: due,
      y: y + ROW_HEIGHT - 12,
      width: end - due,
      height: 4,
    });
    const visible = Math.max(left, 0);
    if (left + width - visible > 34) yield text(`#${number}`, { class: `on-${kind}`, x: visible + 8, y: y + 18 });
  }

  #summary(now) {
    const last = this.#tokens.at(-1);
    if (!last) return "No token was minted yet.";
    const ago = Math.round((now - last.mintedAt) / 1000);
    const left = Math.round((last.expiresAt - now) / 1000);
    const end = left > 0 ? `expires in ${left} s` : `expired ${-left} s ago`;
    return `${last.number} tokens were minted; the last one ${ago} s ago, and it ${end}.`;
  }
}

/**
 * When a token's renewal is due, from its earliest moment to the one after which the token is no longer handed out
 * (ARCHITECTURE.md, "Rules of the token session").
 */
function leadWindow(mintedAt, expiresAt) {
  const life = expiresAt - mintedAt;
  const lead = Math.min(30_000, life * 0.1) + Math.min(15_000, life * 0.05);
  return [expiresAt - lead, expiresAt - Math.min(5_000, life * 0.02)];
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function text(content, attributes) {
  const element = shape("text", attributes);
  element.textContent = content;
  return element;
}
