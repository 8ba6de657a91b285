/** A code, and a link with it, that lets another browser in once. Only the person at the machine itself may make one. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyText } from "@/ui/copy-text";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { makeSignInCodeMutation } from "@/wire/api/@tanstack/react-query.gen";
import { ApiError } from "@/wire/api-error";
import { useWords } from "./words";

export function CodeCard() {
  const t = useWords();
  const format = useFormat();
  const make = useMutation(makeSignInCodeMutation());
  const afar = make.error instanceof ApiError && make.error.status === 403;
  return (
    <Card title={t("code.title")}>
      <p className="settings-lead">{t("code.text")}</p>
      {make.error !== null && !afar && <ErrorNote error={make.error} />}
      {afar && <p role="alert">{t("code.afar")}</p>}
      {make.data !== undefined && (
        <div className="settings-code" role="status">
          <p className="settings-big">{make.data.code}</p>
          <CopyText label={t("code.link")} text={make.data.link} />
          <p className="aside">{t("code.until", { time: format.dateTime(make.data.expiresAt) })}</p>
        </div>
      )}
      <div className="settings-row">
        <Button busy={make.isPending} onClick={() => { make.mutate({ body: {} }); }}>
          {t(make.data === undefined ? "code.make" : "code.again")}
        </Button>
      </div>
    </Card>
  );
}
