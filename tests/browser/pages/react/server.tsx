import { renderToString } from "react-dom/server";

import { App } from "./app.tsx";

export function render(baseUrl: string): string {
  return renderToString(<App baseUrl={baseUrl} />);
}
