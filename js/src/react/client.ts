import { useEffect, useRef, useState } from "react";

import type { Client } from "../client/client.js";
import { type AnsdevError, invalid } from "../protocol/errors.js";
import { createClient } from "../client/create-inline-client.js";
import type { TokenProviderOptions, TokenRequest } from "../client/options.js";

/** What `useAnsdevClient` knows so far. */
export interface AnsdevClientState {
  /** `null` on the server, before the first effect, and after an error. */
  client: Client | null;
  /** Why there is no client. */
  error: AnsdevError | null;
}

const NOTHING: AnsdevClientState = { client: null, error: null };

/**
 * A client that lives as long as the component: created after it is mounted, destroyed when it is unmounted, and
 * created anew when an option changes. `getToken` may be another function in every render; the latest is called.
 *
 * Call it once, near the root of what plays videos, and hand the client down.
 *
 * It takes no `apiKey`: React keeps what a hook was given, and every script of the page can read it there, from any
 * element. Create a client with a key outside of your components, with `createClient` of `@ansdev/player`.
 *
 * @example
 * ```tsx
 * const { client, error } = useAnsdevClient({ getToken });
 * return error ? <p role="alert">{error.message}</p> : <AnsdevVideo client={client} videoId="vid_8fk2m9" controls />;
 * ```
 */
export function useAnsdevClient(options: TokenProviderOptions): AnsdevClientState {
  const [state, setState] = useState(NOTHING);
  const { apiKey, getToken, ...others } = options;
  // A caller in JavaScript can hand one in all the same. Nothing below may hold it, or the options themselves.
  const hasKey = (apiKey as unknown) !== undefined;
  const { baseUrl, isolation, refresh, shareAcrossTabs, workerUrl, wasmUrl } = others;
  const latest = useRef(getToken);
  useEffect(() => {
    latest.current = getToken;
  });
  useEffect(() => {
    if (hasKey) {
      const error = invalid(
        "useAnsdevClient takes no `apiKey`: React keeps what it is given, where every script of the page can read it. " +
          "Create the client outside of your components, with createClient({ apiKey }), or use `getToken`",
      );
      setState({ client: null, error });
      return undefined;
    }
    let isMounted = true;
    let client: Client | undefined;
    const provide = async (request: TokenRequest) => latest.current(request);
    // What is no function is refused by createClient.
    createClient({ ...others, getToken: typeof latest.current === "function" ? provide : latest.current }).then(
      (created) => {
        client = created;
        if (isMounted) setState({ client, error: null });
        else client.destroy();
      },
      (error: unknown) => {
        if (isMounted) setState({ client: null, error: error as AnsdevError });
      },
    );
    return () => {
      isMounted = false;
      setState(NOTHING);
      // After the render in which nobody has it any more: a video whose client is destroyed says so.
      setTimeout(() => client?.destroy());
    };
  }, [
    hasKey,
    typeof getToken,
    String(baseUrl),
    isolation,
    refresh,
    shareAcrossTabs,
    String(workerUrl),
    String(wasmUrl),
  ]);
  return state;
}
