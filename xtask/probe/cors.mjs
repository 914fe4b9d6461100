// What browsers let a page of another origin do (Fetch standard, "CORS").
import { differs } from "./verdicts.mjs";

export async function probeCors(backend, verdicts) {
  const { keyHeader, exposed } = backend.facts;
  await verdicts.check("cors-preflight", async () => {
    const answer = await backend.preflight();
    const [origin, headers] = ["access-control-allow-origin", "access-control-allow-headers"];
    if (!answer.isSuccess) differs(`the preflight answers ${answer}`);
    if (!answer.isReadable) differs(`the preflight allows the origin "${answer.header(origin)}"`);
    if (!answer.lists(headers, keyHeader)) differs(`the preflight allows the headers "${answer.header(headers)}"`);
  });
  await verdicts.check("cors-exposed", async () => {
    const answer = await backend.mintNothing();
    if (!answer.isReadable) differs("pages cannot read the answer");
    const hidden = exposed.filter((name) => !answer.lists("access-control-expose-headers", name));
    if (hidden.length > 0) differs(`not ${hidden.join(", ")}`);
  });
}
