import { renderToString } from "react-dom/server";

import { App } from "./app.tsx";

export function render(apiKey: string, baseUrl: string): string {
  return renderToString(<App apiKey={apiKey} baseUrl={baseUrl} />);
}
