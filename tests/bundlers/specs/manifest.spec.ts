import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "../../browser/support/test.ts";
import { HERE, Workshop } from "../support/workshop.ts";

interface Named {
  name: string;
  description?: string;
}
interface Declaration {
  name: string;
  tagName: string;
  attributes: Named[];
  members: Named[];
  events: Named[];
  cssParts: Named[];
  cssProperties: Named[];
}

const SDK = join(HERE, "node_modules/@ansdev/player");
/** What an element watches to refuse it, and what of `<video>` has no place on it. */
const UNDESCRIBED = ["api-key", "src"];
/** What counts when a video loads, and is not watched. */
const READ = ["start-time"];

/** What `customElements` of package.json names. */
function manifest(): Declaration[] {
  const { customElements } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as { customElements: string };
  const { modules } = JSON.parse(readFileSync(join(SDK, customElements), "utf8")) as {
    modules: { declarations: Declaration[] }[];
  };
  return modules.flatMap(({ declarations }) => declarations);
}

test("custom-elements.json describes what the elements have, and everything of it", async ({ page, site }) => {
  await page.goto(site.page("blank.html"));
  const found = await page.evaluate(async () => {
    await import("@ansdev/player/player");
    await import("@ansdev/player/element");
    const elements = ["ansdev-video", "ansdev-player"].map((tagName) => {
      const element = document.createElement(tagName);
      document.body.append(element);
      const { observedAttributes } = customElements.get(tagName) as unknown as { observedAttributes: string[] };
      return { tagName, element, observedAttributes };
    });
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (document.querySelector("ansdev-player")?.shadowRoot?.querySelector("media-controller")) resolve();
        else requestAnimationFrame(look);
      };
      look();
    });
    return elements.map(({ tagName, element, observedAttributes }) => ({
      tagName,
      observedAttributes,
      parts: [...(element.shadowRoot?.querySelectorAll("[part]") ?? [])].flatMap(({ part }) => [...part]),
      properties: Object.getOwnPropertyNames(Object.getPrototypeOf(element)),
    }));
  });
  for (const { tagName, observedAttributes, parts, properties } of found) {
    const declaration = manifest().find((one) => one.tagName === tagName);
    if (!declaration) throw new Error(`${tagName} is not described`);
    const attributes = declaration.attributes.map(({ name }) => name);
    expect(attributes.filter((name) => ![...observedAttributes, ...READ].includes(name))).toEqual([]);
    expect(observedAttributes.filter((name) => !attributes.includes(name) && !UNDESCRIBED.includes(name))).toEqual([]);
    const described = declaration.cssParts.flatMap(({ name, description = "" }) => [
      name,
      ...[...description.matchAll(/`([\w-]+)`/g)].map(([, other = ""]) => other),
    ]);
    expect(parts.filter((part) => !described.includes(part))).toEqual([]);
    const members = declaration.members.map(({ name }) => name).filter((name) => name !== "media");
    expect(members.filter((name) => !properties.includes(name))).toEqual([]);
    for (const list of ["attributes", "members", "events", "cssParts", "cssProperties"] as const) {
      expect(declaration[list].filter(({ description }) => !description)).toEqual([]);
    }
  }
});

for (const framework of ["react", "vue"]) {
  test(`who uses AnsdevVideo of /${framework} alone gets nothing of the player`, async () => {
    const workshop = Workshop.empty(`alone-${framework}`);
    const size = async (names: string): Promise<number> => {
      writeFileSync(join(workshop.folder, "main.js"), `export { ${names} } from "@ansdev/player/${framework}";`);
      const external = [framework, "hls.js", "media-chrome"].map((name) => `--external:${name}`);
      return (await workshop.run("esbuild", "main.js", "--bundle", "--format=esm", "--minify", ...external)).length;
    };
    expect(await size("AnsdevVideo, AnsdevPlayer")).toBeGreaterThan((await size("AnsdevVideo")) + 4000);
  });
}
