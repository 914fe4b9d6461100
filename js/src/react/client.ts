import { useEffect, useRef, useState } from "react";

import type { Client } from "../client/client.js";
import type { AnsdevError } from "../protocol/errors.js";
import { createClient } from "../client/create-inline-client.js";
import type { ClientOptions, TokenRequest } from "../client/options.js";

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
 * @example
 * ```tsx
 * const { client, error } = useAnsdevClient({ getToken });
 * return error ? <p role="alert">{error.message}</p> : <AnsdevVideo client={client} videoId="vid_8fk2m9" controls />;
 * ```
 */
export function useAnsdevClient(options: ClientOptions): AnsdevClientState {
  const [state, setState] = useState(NOTHING);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { apiKey, getToken, baseUrl, isolation, refresh, shareAcrossTabs, workerUrl, wasmUrl } = options;
  useEffect(() => {
    let isMounted = true;
    let client: Client | undefined;
    const provide = async (request: TokenRequest) => {
      const provider = latest.current.getToken;
      if (!provider) throw new TypeError("`getToken` was taken back");
      return provider(request);
    };
    const { current } = latest;
    createClient(current.getToken ? { ...current, getToken: provide } : current).then(
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
    apiKey,
    getToken === undefined,
    String(baseUrl),
    isolation,
    refresh,
    shareAcrossTabs,
    String(workerUrl),
    wasmUrl instanceof URL ? wasmUrl.href : wasmUrl,
  ]);
  return state;
}
