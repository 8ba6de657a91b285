/** A few words beside a control when it is pointed at or has the focus. Never the only place where something is said. */
import { Tooltip as Radix } from "radix-ui";
import type { ReactElement } from "react";
import "./tooltip.css";

export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <Radix.Provider delayDuration={400}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content className="tooltip" sideOffset={6} collisionPadding={8}>
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
