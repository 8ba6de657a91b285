/** The three ways to keep to sources, each told by what a clone would say. */
import type { UseFormRegisterReturn } from "react-hook-form";
import { useWords } from "../words";
import { ADHERENCES } from "./answering";

export function Adherences({ field }: { field: UseFormRegisterReturn }) {
  const t = useWords();
  return (
    <fieldset className="ways">
      <legend>{t("sources.adherence")}</legend>
      <p className="know-lead">{t("sources.adherenceLead")}</p>
      <p className="asked">{t("sources.exampleQuestion")}</p>
      {ADHERENCES.map((way) => (
        <label key={way} className="way">
          <input type="radio" value={way} aria-labelledby={`way-${way}-name`} aria-describedby={`way-${way}`} {...field} />
          <span className="way-words">
            <span id={`way-${way}-name`} className="doc-name">{t(`sources.way.${way}.name`)}</span>
            <span id={`way-${way}`}>
              <span className="product-detail">{t(`sources.way.${way}.text`)}</span>
              <span className="way-example">{t(`sources.way.${way}.example`)}</span>
            </span>
          </span>
        </label>
      ))}
      <p className="product-detail">{t("sources.examples")}</p>
    </fieldset>
  );
}
