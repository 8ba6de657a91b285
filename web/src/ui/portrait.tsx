/**
 * The clone's portrait: its face, given as children, or while there is none a drawn stand-in, a quiet figure whose
 * light moves with its voice (`--clone`, 0..1). The mood shows around it either way.
 */
import type { ReactNode } from "react";
import { useUiWords } from "./words";

interface PortraitProps {
  name: string;
  mood: "resting" | "listening" | "thinking" | "speaking";
  /** The face is there: it covers the stand-in. */
  face?: "none" | "moving" | "photo";
  children?: ReactNode;
}

export function Portrait({ name, mood, face = "none", children }: PortraitProps) {
  const t = useUiWords();
  return (
    <div className="portrait" data-mood={mood} data-face={face} role="img" aria-label={face === "none" ? t("drawn", { name }) : name}>
      <span className="portrait-wave" />
      <span className="portrait-wave" />
      <span className="portrait-disc">
        <span className="portrait-light" />
        <span className="portrait-light" />
        <svg viewBox="0 0 200 200" aria-hidden="true" focusable="false">
          <defs>
            <linearGradient id="figure" x1="0" y1="0.1" x2="0" y2="1">
              <stop offset="0" className="figure-top" />
              <stop offset="1" className="figure-bottom" />
            </linearGradient>
          </defs>
          <path
            d="M100 46c22 0 35 17 35 41 0 17-7 30-16 37v13c0 7 5 10 15 13 26 8 44 22 52 54H14c8-32 26-46 52-54 10-3 15-6 15-13v-13c-9-7-16-20-16-37 0-24 13-41 35-41z"
            fill="url(#figure)"
          />
        </svg>
        {children}
      </span>
    </div>
  );
}
