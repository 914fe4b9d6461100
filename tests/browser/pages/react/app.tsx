import type { ProvidedToken, TokenRequest } from "@ansdev/player";
import { AnsdevVideo, useAnsdevClient, type VideoEvent } from "@ansdev/player/react";
import { StrictMode, useState } from "react";

/** Tokens from the page's own server. */
async function getToken({ videoId, signal }: TokenRequest): Promise<ProvidedToken> {
  const response = await fetch(`/tokens?video=${videoId}`, { method: "POST", signal });
  return (await response.json()) as ProvidedToken;
}

/** What a page written with React may look like: one client, one video, and what happens to it. */
export function App(options: { baseUrl: string }) {
  // Some tests hand in what the types forbid, as a page in JavaScript can.
  const { client, error } = useAnsdevClient({ getToken, ...options });
  const [videoId, setVideoId] = useState("vid_rotating_keys");
  const [log, setLog] = useState<string[]>([]);
  const add = (line: string) => {
    setLog((before) => [...before, line]);
  };
  const note = ({ type, currentTarget }: VideoEvent) => {
    add(`${type} ${currentTarget.videoId ?? ""}`);
  };
  return (
    <StrictMode>
      <AnsdevVideo
        client={client}
        videoId={videoId}
        className="film"
        width={320}
        controls
        muted
        autoPlay
        loop={false}
        hlsConfig={{ maxBufferLength: 4 }}
        onPlaying={note}
        onTokenRefreshed={({ currentTarget, detail }) => {
          add(`token ${currentTarget.videoId ?? ""} ${typeof detail.expiresAt}`);
        }}
        onError={({ currentTarget }) => {
          add(`error ${currentTarget.error?.message ?? ""}`);
        }}
      />
      <button
        type="button"
        onClick={() => {
          setVideoId("vid_clear");
        }}
      >
        Another
      </button>
      <p role="alert">{error?.message}</p>
      <ol>
        {log.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ol>
    </StrictMode>
  );
}
