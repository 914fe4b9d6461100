/**
 * The rule for the attributes `width` and `height`: hints of the host's, as `<video>` has them, which any rule of the page
 * outranks (HTML, section 15.4.3). What is no number is no CSS either, and says nothing.
 */
export function sizeStyle(host: Element): string {
  const [width, height] = [host.getAttribute("width") ?? "none", host.getAttribute("height") ?? "none"];
  return `:host{width:${length(width)};height:${length(height)};aspect-ratio:${Number(width)}/${Number(height)}}`;
}

function length(text: string): string {
  return `${Number.parseFloat(text)}${text.includes("%") ? "%" : "px"}`;
}
