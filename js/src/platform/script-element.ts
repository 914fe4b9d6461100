/**
 * The script that this code is in, and how to load another from beside it. The page's markup has no say in either: an
 * element whose name is `currentScript` hides the document's property, and a `<base>` changes what `src` says.
 *
 * Only the script-tag build has this, where all modules are evaluated at once.
 */
import { type Constructor, getter, listen, method, ownGlobal, setter, trustedScriptUrl } from "./natives.js";

const page = ownGlobal("document") as Document | undefined;
const DocumentClass = ownGlobal("Document") as Constructor<Document> | undefined;
const ScriptClass = ownGlobal("HTMLScriptElement") as Constructor<HTMLScriptElement> | undefined;
const createElement: (self: Document, name: string) => HTMLElement = method("nothing", DocumentClass, "createElement");
const rootOf = getter("nothing", DocumentClass, "documentElement");
const append = method("nothing", ownGlobal("Node") as Constructor<Node> | undefined, "appendChild");
const setSource = setter(ScriptClass, "src");
const setIntegrity = setter(ScriptClass, "integrity");
const setCrossOrigin = setter(ScriptClass, "crossOrigin");
const setNonce = setter(ScriptClass, "nonce");

/** Where this script came from; `undefined` where the browser does not tell. */
const address = addressOf(new Error().stack);
const nonce = currentNonce();

/** The first address in a stack, of which the engines write each line in their own way. */
function addressOf(stack: unknown): string | undefined {
  return typeof stack === "string" ? /[a-z][\w+.-]*:\/\/.*?(?=:\d+(?::\d+)?\)?$)/m.exec(stack)?.[0] : undefined;
}

/** The `nonce` that the page's policy knows this script by; a module is not told its element. */
function currentNonce(): string {
  try {
    const script = page && getter("nothing", DocumentClass, "currentScript")(page);
    return script ? getter("nothing", ScriptClass, "nonce")(script as HTMLScriptElement) : "";
  } catch {
    return "";
  }
}

/**
 * Runs a script that lies beside this one. Resolves when it has run.
 *
 * @param integrity - Its hash. Browsers check none of the page's own files, where `file:` is the page's scheme.
 */
export function loadBeside(name: string, integrity: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (page === undefined || address === undefined) throw new Error("the address of the player's script is unknown");
    const script = createElement(page, "script") as HTMLScriptElement;
    const url = address.replace(/[^/]*$/, name);
    if (!url.startsWith("file:")) {
      setIntegrity(script, integrity);
      setCrossOrigin(script, "anonymous");
    }
    if (nonce) setNonce(script, nonce);
    setSource(script, trustedScriptUrl(url));
    listen(script, "load", () => {
      resolve();
    });
    listen(script, "error", () => {
      reject(new Error(`${url} was not found, or is not the file of this version`));
    });
    append(rootOf(page), script);
  });
}
