/** A drawn stand-in for the clone's face: a quiet figure whose light moves with its voice (`--clone`, 0..1). */
interface PortraitProps {
  name: string;
  mood: "resting" | "listening" | "thinking" | "speaking";
}

export function Portrait({ name, mood }: PortraitProps) {
  return (
    <div className="portrait" data-mood={mood} role="img" aria-label={`${name}, drawn`}>
      <span className="portrait-wave" />
      <span className="portrait-wave" />
      <span className="portrait-disc">
        <span className="portrait-light" />
        <span className="portrait-light" />
        <svg viewBox="0 0 200 200" aria-hidden="true" focusable="false">
          <defs>
            <linearGradient id="figure" x1="0" y1="0" x2="0" y2="1">
              <stop offset="0" className="figure-top" />
              <stop offset="1" className="figure-bottom" />
            </linearGradient>
          </defs>
          <path d="M100 136c-34 0-62 17-72 47-3 9 3 27 12 27h120c9 0 15-18 12-27-10-30-38-47-72-47z" fill="url(#figure)" />
          <path d="M86 116h28v22c0 9-28 9-28 0z" fill="url(#figure)" />
          <ellipse cx="100" cy="86" rx="34" ry="41" fill="url(#figure)" />
        </svg>
      </span>
    </div>
  );
}
