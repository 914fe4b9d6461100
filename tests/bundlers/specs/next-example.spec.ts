import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "../../browser/support/test.ts";
import { holdsTheTable } from "../../server/support/cases.ts";
import { type Access, Program } from "../../server/support/program.ts";
import { HERE, Workshop } from "../support/workshop.ts";

const NEXT = join(HERE, "node_modules/.bin/next");
const ROUTE = "app/tokens/[videoId]/route.ts";

/** Changes a text of the copy, which has to be there. */
function change(workshop: Workshop, name: string, from: string, to: string): void {
  const file = join(workshop.folder, name);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** The example as its reader has it, with a video of their own; and with the mock that the page's address names. */
function copy(name: string): Workshop {
  const workshop = Workshop.copy("examples/next", name);
  change(workshop, "app/page.tsx", "YOUR_VIDEO", "vid_ten_minutes");
  change(
    workshop,
    "app/film.tsx",
    "useAnsdevClient({ getToken })",
    'useAnsdevClient({ getToken, baseUrl: new URLSearchParams(globalThis.location?.search).get("mock") ?? undefined })',
  );
  // The packages lie further up than Next.js would look in this repository.
  writeFileSync(
    join(workshop.folder, "next.config.js"),
    'import { join } from "node:path";\nexport default { turbopack: { root: join(import.meta.dirname, "../..") } };\n',
  );
  return workshop;
}

for (const runtime of ["nodejs", "edge"]) {
  test.describe(`Next.js, ${runtime}`, { tag: "@all" }, () => {
    let workshop: Workshop;
    const start = (access: Access): Promise<Program> =>
      Program.start([NEXT, "start", "--hostname=127.0.0.1"], access, { cwd: workshop.folder });

    test.beforeAll(async () => {
      workshop = copy(`next-${runtime}`);
      if (runtime !== "nodejs") {
        change(workshop, ROUTE, "let endpoint", `export const runtime = "${runtime}";\n\nlet endpoint`);
      }
      // Without a key, as on a machine that only builds.
      await workshop.run("next", "build");
    });

    holdsTheTable("examples/next", (access) => start(access));

    test.describe("in the browser", () => {
      test.use({ mockFlags: ["--ttl", "6"] });

      test("the film plays past its renewals, and the page never has the key", async ({ page, mock }) => {
        const server = await start({ apiKey: mock.apiKey, baseUrl: mock.url });
        try {
          const complaints: string[] = [];
          page.on("console", (message) => {
            if (message.type() === "error") complaints.push(message.text());
          });
          const sent: string[] = [];
          page.on("request", (request) => sent.push(JSON.stringify([request.url(), request.headers()])));
          await page.goto(`${server.url}/?${new URLSearchParams({ mock: mock.url }).toString()}`);
          await page.waitForFunction(
            () => (document.querySelector<HTMLVideoElement>("ansdev-video")?.currentTime ?? 0) > 14,
          );
          expect((await mock.mints()).length).toBeGreaterThanOrEqual(3);
          expect(await page.getByRole("alert").filter({ hasText: /./ }).count()).toBe(0);
          expect(sent.filter((request) => request.includes(mock.apiKey))).toEqual([]);
          expect(await page.content()).not.toContain(mock.apiKey.slice(0, 12));
          expect(complaints).toEqual([]);
        } finally {
          await server.stop();
        }
      });
    });
  });
}
