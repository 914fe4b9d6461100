import { AnsdevVideo, useAnsdevClient } from "@ansdev/player/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Film() {
  const { client, error } = useAnsdevClient({ apiKey: "YOUR_KEY" });
  const [problem, setProblem] = useState<string>();
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
      <p role="alert">{error?.message ?? problem}</p>
    </>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Film />
  </StrictMode>,
);
