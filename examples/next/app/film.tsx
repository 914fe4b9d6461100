"use client";
import { tokenEndpoint } from "@ansdev/player";
import { AnsdevVideo, useAnsdevClient } from "@ansdev/player/react";
import { useState } from "react";

const getToken = tokenEndpoint("/tokens");

export function Film({ videoId }: { videoId: string }) {
  const { client, error } = useAnsdevClient({ getToken });
  const [problem, setProblem] = useState<string>();
  return (
    <>
      <AnsdevVideo
        client={client}
        videoId={videoId}
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
