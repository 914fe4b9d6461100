import { expect, test } from "../../browser/support/test.ts";
import { plays, Workshop } from "../support/workshop.ts";

test("Next.js renders the page on its server, and takes it over in the browser", async ({ page, mock }) => {
  const workshop = Workshop.copy("tests/bundlers/fixtures/next");
  await workshop.run("next", "build");
  const server = await workshop.serve("next", "start", "--port=0", "--hostname=127.0.0.1");
  try {
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    const address = `${server.url}/?${new URLSearchParams(mock.access).toString()}`;
    const html = await (await fetch(address)).text();
    expect(html).toContain('<ansdev-video video-id="vid_rotating_keys"');
    expect(await mock.journal(), "the server asks for nothing").toEqual([]);
    await page.goto(address);
    await plays(page);
    expect(complaints).toEqual([]);
  } finally {
    server.stop();
  }
});
