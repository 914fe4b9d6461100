import { createRoot, hydrateRoot } from "react-dom/client";

import { App } from "./app.tsx";

const { baseUrl = "", ...others } = Object.fromEntries(new URLSearchParams(location.search));
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root");
const app = <App baseUrl={baseUrl} {...others} />;
const mounted = root.childElementCount > 0 ? hydrateRoot(root, app) : createRoot(root);
if (root.childElementCount === 0) mounted.render(app);
Object.assign(window, {
  unmount: () => {
    mounted.unmount();
  },
});
