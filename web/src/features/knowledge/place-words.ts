/** Where a passage stands, in words: `page 3`, `row 4`. Empty where there is nothing to say. */
import { placeOf } from "./shapes";
import { useWords } from "./words";

export function usePlaceWords(): (locator: string) => string {
  const t = useWords();
  return (locator) => {
    const place = placeOf(locator);
    if (place === null) return "";
    if (place.key === "other") return place.text;
    const said = t(`place.${place.key}`, { number: place.number });
    return place.sheet === "" ? said : `${place.sheet}, ${said}`;
  };
}
