/** A media playlist of one segment and one key, for tests that answer for the backend themselves. */
export const PLAYLIST = [
  "#EXTM3U",
  "#EXT-X-TARGETDURATION:2",
  '#EXT-X-KEY:METHOD=AES-128,URI="/key"',
  "#EXTINF:2,",
  "/segment",
  "#EXT-X-ENDLIST",
];
