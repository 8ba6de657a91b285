/** Whom to talk with, where there is more than one. */
import type { CloneSummary } from "./session";

interface CloneChooserProps {
  clones: readonly CloneSummary[];
  chosen: string;
  onChoose: (slug: string) => void;
}

export function CloneChooser({ clones, chosen, onChoose }: CloneChooserProps) {
  return (
    <label className="chooser">
      <span>Talk with</span>
      <select
        value={chosen}
        onChange={(event) => {
          onChoose(event.target.value);
        }}
      >
        {clones.map((clone) => (
          <option key={clone.slug} value={clone.slug}>
            {clone.name}
          </option>
        ))}
      </select>
    </label>
  );
}
