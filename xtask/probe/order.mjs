// The order of the checks that come before a token, asked with a video that does not exist or is not ready: nothing is
// spent.
import { differs, unseen } from "./verdicts.mjs";

/** A key of the right form that does not exist. */
const UNKNOWN_KEY = "ak_test_00000000000000000000000000000000";

export async function probeOrder(backend, verdicts, unready) {
  const expect = async (key, about, code) => {
    const answer = await backend.mintNothing(key);
    if (answer.errorCode !== code) differs(`${about} and no such video: ${answer}; expected ${code}`);
  };
  const expectOther = async (variable, code) => {
    const key = backend.key(variable) ?? unseen(`${variable} names no key to try it with`);
    await expect(key, "that key", code);
  };
  await verdicts.check("order-key", async () => {
    await expect("", "no key", "API_KEY_REQUIRED");
    await expect(UNKNOWN_KEY, "an unknown key", "INVALID_API_KEY");
  });
  await verdicts.check("order-expiry", () => expectOther("ANSDEV_EXPIRED_KEY", "API_KEY_EXPIRED"));
  await verdicts.check("order-scope", () => expectOther("ANSDEV_UNSCOPED_KEY", "INSUFFICIENT_SCOPE"));
  await verdicts.check("order-quota", async () => {
    const key = backend.key("ANSDEV_SPENT_KEY") ?? unseen("ANSDEV_SPENT_KEY names no key whose day is spent");
    const answer = await backend.mintNothing(key, unready ?? unseen("there is no video that is not ready"));
    if (answer.errorCode !== "VIDEO_NOT_READY") differs(`no quota and a video that is not ready: ${answer}`);
    if (answer.header("x-ratelimit-remaining") !== "0") unseen("ANSDEV_SPENT_KEY has tokens left");
  });
}
