/** Whom to talk with, where there is more than one. */
import { useNavigate } from "react-router";
import { useClones } from "./clones";
import { useAppWords } from "./words";

export function CloneChooser({ chosen }: { chosen: string }) {
  const t = useAppWords();
  const navigate = useNavigate();
  const clones = useClones().data ?? [];
  if (clones.length < 2) return null;
  return (
    <label className="chooser">
      <span>{t("talkWith")}</span>
      <select value={chosen} onChange={(event) => void navigate(`/talk/${event.target.value}`)}>
        {clones.map((clone) => (
          <option key={clone.slug} value={clone.slug}>
            {clone.name}
          </option>
        ))}
      </select>
    </label>
  );
}
