/** The page's own line icons, 24 by 24. */
import type { ReactNode } from "react";

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function MicrophoneIcon() {
  return (
    <Icon>
      <rect x="9" y="3" width="6" height="11" rx="3" />
      <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
    </Icon>
  );
}

export function MutedIcon() {
  return (
    <Icon>
      <path d="M9 9v2a3 3 0 0 0 5 2.2M15 10.500V6a3 3 0 0 0-5.600-1.500M5.500 11.500a6.500 6.500 0 0 0 10.700 5M18.500 11.500a6.500 6.500 0 0 1-.4 2.200M12 18v3M4 4l16 16" />
    </Icon>
  );
}

export function StopIcon() {
  return (
    <Icon>
      <rect x="7" y="7" width="10" height="10" rx="2.5" className="icon-solid" />
    </Icon>
  );
}

export function SendIcon() {
  return (
    <Icon>
      <path d="M12 19V5.500M6 11l6-6 6 6" />
    </Icon>
  );
}

export function CloseIcon() {
  return (
    <Icon>
      <path d="M6.500 6.500l11 11M17.500 6.500l-11 11" />
    </Icon>
  );
}

export function PlusIcon() {
  return (
    <Icon>
      <path d="M12 5.500v13M5.500 12h13" />
    </Icon>
  );
}

export function ChevronIcon() {
  return (
    <Icon>
      <path d="M8 10l4 4 4-4" />
    </Icon>
  );
}

export function DocumentIcon() {
  return (
    <Icon>
      <path d="M7 3.500h6.500L18 8v12.500H7zM13.500 3.500V8H18M10 12.500h5M10 16h5" />
    </Icon>
  );
}

export function SparkIcon() {
  return (
    <Icon>
      <path d="M12 4l1.900 5.100L19 11l-5.100 1.900L12 18l-1.900-5.100L5 11l5.100-1.900zM18.500 16.500v4M16.500 18.500h4" />
    </Icon>
  );
}
