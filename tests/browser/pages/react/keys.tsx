import { createClient, type Client, type ClientOptions } from "@ansdev/player";
import { AnsdevVideo, useAnsdevClient } from "@ansdev/player/react";
import { useEffect, useRef } from "react";
import { createRoot } from "react-dom/client";

/** As README has it: the client is created outside of React. `kept` is what a careless page would keep besides. */
function Outside({ client, kept }: { client: Client; kept: string | undefined }) {
  const ref = useRef(kept);
  useEffect(() => {
    ref.current = kept;
  }, [kept]);
  return <AnsdevVideo client={client} videoId="vid_clear" />;
}

async function show(options: ClientOptions, isCareless: boolean) {
  const client = await createClient(options);
  createRoot(document.body).render(<Outside client={client} kept={isCareless ? options.apiKey : undefined} />);
}

/** A page in JavaScript that hands the hook a key. */
function showHook(options: ClientOptions) {
  function Inside() {
    const { error } = useAnsdevClient(options as never);
    return <p role="alert">{error?.code}</p>;
  }
  createRoot(document.body).render(<Inside />);
}

Object.assign(window, { show, showHook });
