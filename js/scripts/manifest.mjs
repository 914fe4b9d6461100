// custom-elements.json (https://custom-elements-manifest.open-wc.org): what editors and documentation tools know of the
// elements. Classes, slots, CSS parts and properties come from the classes' comments, by the analyzer; attributes and events
// from the interfaces in tag.ts, of which the types for each framework are made.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { create, ts as analyzers } from "@custom-elements-manifest/analyzer";
import ts from "typescript";

import { root } from "./bundle.mjs";

const ELEMENTS = [
  { tag: "ansdev-video", name: "AnsdevVideoElement", from: "src/element/video-element.ts", is: "Video" },
  { tag: "ansdev-player", name: "AnsdevPlayerElement", from: "src/player/player-element.ts", is: "Player" },
];

/** The manifest's text. */
export function manifest() {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram([join(root, "src/element/tag.ts"), join(root, "src/player/tag.ts")], options);
  const modules = ELEMENTS.map(({ tag, name, from, is }) => {
    const text = readFileSync(join(root, from), "utf8");
    const source = analyzers.createSourceFile(from, text, analyzers.ScriptTarget.ES2022, true);
    const { modules } = create({ modules: [source] });
    const declaration = modules[0].declarations.find((declaration) => declaration.name === name);
    const path = `dist/${tag.slice("ansdev-".length).replace("video", "element")}.js`;
    // Not what the analyzer takes for members: properties of the parts that the class sets.
    const members = declaration.members.filter(
      ({ description, privacy, static: isStatic }) => description && privacy !== "private" && !isStatic,
    );
    const described = members.map((member) => ({ ...member, attribute: undefined }));
    const events = membersOf(program, `${is}EventMap`).map(({ name, ...rest }) => ({ name, ...rest }));
    return {
      kind: "javascript-module",
      path,
      declarations: [
        {
          ...declaration,
          members: described,
          attributes: membersOf(program, `${is}Attributes`),
          events,
          tagName: tag,
          customElement: true,
        },
      ],
      exports: [
        { kind: "js", name, declaration: { name, module: path } },
        { kind: "custom-element-definition", name: tag, declaration: { name, module: path } },
      ],
    };
  });
  return `${JSON.stringify({ schemaVersion: "1.0.0", readme: "README.md", modules }, undefined, 2)}\n`;
}

/** Name, type and description of each member of a type in tag.ts. */
function membersOf(program, type) {
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.endsWith("/tag.ts"));
  const node = files.flatMap(({ statements }) => [...statements]).find((statement) => statement.name?.text === type);
  return checker
    .getTypeAtLocation(node)
    .getProperties()
    .map((property) => {
      const typed = checker.getTypeOfSymbol(property);
      const text = checker.typeToString(checker.getNonNullableType(typed), undefined, ts.TypeFormatFlags.NoTruncation);
      return {
        name: property.name,
        type: { text },
        description: ts.displayPartsToString(property.getDocumentationComment(checker)),
      };
    })
    .sort(({ name: a }, { name: b }) => (a < b ? -1 : 1));
}
