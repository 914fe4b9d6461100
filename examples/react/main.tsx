import { type AnsdevError, type Client, createClient } from "@ansdev/player";
import { AnsdevVideo } from "@ansdev/player/react";
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

// Outside of React, which keeps what components and hooks are given where every script of the page can read it.
// A page whose tokens come from its own server uses the hook instead: useAnsdevClient({ getToken }).
const creation = createClient({ apiKey: "YOUR_KEY" });

function Film() {
  const [client, setClient] = useState<Client | null>(null);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    creation.then(setClient, (error: AnsdevError) => setProblem(error.message));
  }, []);
  return (
    <>
      <AnsdevVideo
        client={client}
        videoId="YOUR_VIDEO"
        controls
        muted
        autoPlay
        onPlaying={() => setProblem(undefined)}
        onError={({ currentTarget }) => setProblem(currentTarget.error?.message)}
      />
      <p role="alert">{problem}</p>
    </>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Film />
  </StrictMode>,
);
