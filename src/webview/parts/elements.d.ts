import type { HTMLAttributes } from "preact";

/** Attributes and events of the elements from `@vscode-elements/elements` that the page uses. */
declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "vscode-badge": HTMLAttributes<HTMLElement> & { variant?: "counter" | "default" };
      "vscode-button": HTMLAttributes<HTMLElement> & { secondary?: boolean; disabled?: boolean };
      "vscode-option": HTMLAttributes<HTMLElement> & { value?: string; selected?: boolean };
      "vscode-single-select": HTMLAttributes<HTMLElement> & { value?: string };
      "vscode-tab-header": HTMLAttributes<HTMLElement>;
      "vscode-tab-panel": HTMLAttributes<HTMLElement>;
      "vscode-tabs": HTMLAttributes<HTMLElement> & {
        panel?: boolean;
        "selected-index"?: number;
        "onvsc-tabs-select"?: (event: CustomEvent<{ selectedIndex: number }>) => void;
      };
      "vscode-textfield": HTMLAttributes<HTMLElement> & { placeholder?: string; value?: string };
    }
  }
}
