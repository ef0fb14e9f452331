import { useEffect, useState } from "preact/hooks";

/** Reads the theme's colours for a canvas, which knows no CSS variables. */
export function themeColour(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

/** A number that changes with the theme: VS Code then rewrites the variables on `html` and the classes on `body`. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => setVersion((known) => known + 1));
    observer.observe(document.documentElement, { attributeFilter: ["style", "class"] });
    observer.observe(document.body, { attributeFilter: ["class", "data-vscode-theme-id"] });
    return () => observer.disconnect();
  }, []);
  return version;
}
