/** Recordings or videos that exist already. */
import { X } from "lucide-react";
import { useState } from "react";
import { limits } from "@/media/recording/advice";
import { Button, IconButton } from "@/ui/button";
import { FileDrop } from "@/ui/file-drop";
import { useFormat } from "@/ui/i18n/format";
import type { OwnClone } from "@/wire/api/types.gen";
import { LanguageChoice } from "./language-choice";
import { orderForm, type Language } from "./orders";
import { Sending } from "./sending";
import { useOrder } from "./use-order";
import { useWords } from "./words";

const ENDINGS = [".wav", ".mp3", ".m4a", ".ogg", ".opus", ".flac", ".mp4", ".mov", ".webm", ".mkv"];
const MOST_BYTES = 300_000_000;

interface FileVoiceProps {
  clone: OwnClone;
  begin: Language;
  onOrdered: () => void;
}

export function FileVoice({ clone, begin, onOrdered }: FileVoiceProps) {
  const t = useWords();
  const format = useFormat();
  const order = useOrder();
  const [language, setLanguage] = useState(begin);
  const [files, setFiles] = useState<readonly File[]>([]);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const problem =
    files.length > limits.recordingsMost
      ? t("files.tooMany", { count: limits.recordingsMost })
      : total > MOST_BYTES
        ? t("files.tooMuch", { size: format.bytes(total), limit: format.bytes(MOST_BYTES) })
        : null;
  const send = async (): Promise<void> => {
    const voice = await order.send(orderForm(clone.id, language, files.map((file) => ({ sound: file, name: file.name }))));
    if (voice !== null) onOrdered();
  };
  return (
    <div className="reading">
      <p className="voice-small">{t("files.text")}</p>
      <FileDrop label={t("files.label")} endings={ENDINGS} maxBytes={MOST_BYTES} many={limits.recordingsMost} disabled={order.progress !== null} onFiles={(more) => { setFiles(merged(files, more)); }} />
      {files.length > 0 && (
        <ul className="voice-files" aria-label={t("files.chosen")}>
          {files.map((file) => (
            <li key={`${file.name} ${file.size}`}>
              <span className="kept-text">
                {file.name} <span className="voice-small">{format.bytes(file.size)}</span>
              </span>
              <IconButton label={t("files.remove", { name: file.name })} icon={X} disabled={order.progress !== null} onClick={() => { setFiles(files.filter((each) => each !== file)); }} />
            </li>
          ))}
        </ul>
      )}
      {problem !== null && (
        <p className="field-error" role="alert">
          {problem}
        </p>
      )}
      <LanguageChoice label={t("files.language")} value={language} onChange={setLanguage} />
      <Sending order={order} />
      {order.progress === null && files.length > 0 && (
        <div className="voice-foot">
          <Button look="primary" size="large" disabled={problem !== null} onClick={() => void send()}>
            {t("files.make")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Both lists, nothing twice. */
function merged(files: readonly File[], more: readonly File[]): File[] {
  const known = new Set(files.map(({ name, size }) => `${name} ${size}`));
  return [...files, ...more.filter(({ name, size }) => !known.has(`${name} ${size}`))];
}
