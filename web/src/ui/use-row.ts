/**
 * A row that may be wider than the screen: the chosen thing is brought to its middle, and `data-more` says on which sides
 * there is more, for row.css to show.
 */
import { useEffect, useRef, type RefObject } from "react";
import "./row.css";

/** Where a scroller of that width has more to show than it shows. Pure. */
export function moreOf(left: number, width: number, whole: number): "none" | "start" | "end" | "both" {
  const [start, end] = [left > 2, left + width < whole - 2];
  return start && end ? "both" : start ? "start" : end ? "end" : "none";
}

/** The row's ref. `chosen` selects the thing in it that must be in sight; it is looked for anew when `on` changes. */
export function useRow<T extends HTMLElement>(chosen: string, on: string | number): RefObject<T | null> {
  const row = useRef<T>(null);
  useEffect(() => {
    const element = row.current;
    const thing = element?.querySelector<HTMLElement>(chosen) ?? null;
    if (element !== null && thing !== null) element.scrollLeft = thing.offsetLeft - (element.clientWidth - thing.offsetWidth) / 2;
  }, [chosen, on]);
  useEffect(() => {
    const element = row.current;
    if (element === null) return;
    const look = (): void => {
      element.setAttribute("data-more", moreOf(Math.abs(element.scrollLeft), element.clientWidth, element.scrollWidth));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const watch = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(look);
    watch?.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      watch?.disconnect();
    };
  }, [on]);
  return row;
}
