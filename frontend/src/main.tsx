import "./config/mantine.css";
import "./config/tokens.css";
import "./config/global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { loadMessages, preferredLocale } from "./lib/i18n";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
const language = await loadMessages(preferredLocale());
createRoot(place).render(
  <StrictMode>
    <App language={language} />
  </StrictMode>,
);
