/** The pictures of one product: give more, exchange, take away, choose the one that stands for it. */
import { ImageUp, Star, Trash2 } from "lucide-react";
import { useRef } from "react";
import { Badge } from "@/ui/badge";
import { IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FileDrop } from "@/ui/file-drop";
import { useFormat } from "@/ui/i18n/format";
import { useFileUrl } from "@/ui/use-file-url";
import type { PictureItem, ProductItem } from "@/wire/api/types.gen";
import { useWords } from "../words";
import "./pictures.css";
import { PICTURE_BYTES, PICTURE_ENDINGS, PICTURES_MOST, usePictures, type Task } from "./use-pictures";

interface PicturesDialogProps {
  product: ProductItem | null;
  onClose: () => void;
}

export function PicturesDialog({ product, onClose }: PicturesDialogProps) {
  const t = useWords();
  return (
    <Dialog open={product !== null} onClose={onClose} size="wide" title={product === null ? "" : t("pictures.title", { name: product.name })}>
      {product !== null && <Pictures key={product.id} product={product} />}
    </Dialog>
  );
}

function Pictures({ product }: { product: ProductItem }) {
  const t = useWords();
  const { busy, refusals, start } = usePictures(product);
  const room = PICTURES_MOST - product.pictures.length;
  return (
    <div className="pictures">
      <p className="know-lead">{t("pictures.lead")}</p>
      {product.pictures.length > 0 && (
        <ul className="pictures-grid" aria-label={t("pictures.list")} aria-busy={busy}>
          {product.pictures.map((picture, place) => (
            <Picture key={picture.id} picture={picture} place={place} name={product.name} busy={busy} start={start} />
          ))}
        </ul>
      )}
      {room > 0 ? (
        <FileDrop eachAlone disabled={busy} label={t("pictures.drop")} endings={PICTURE_ENDINGS} maxBytes={PICTURE_BYTES} many={room} onFiles={(add) => { start({ add }); }} />
      ) : (
        <p className="know-lead">{t("pictures.full")}</p>
      )}
      <p role="status" className="know-lead">{busy && t("pictures.working")}</p>
      {refusals.length > 0 && (
        <div role="alert">
          {refusals.map(({ name, why }) => (
            <p key={`${name} ${why}`} className="field-error">
              {name === "" ? why : `${name}: ${why}`}
            </p>
          ))}
        </div>
      )}
      {product.image !== null && <p className="product-detail">{t("pictures.named", { image: product.image })}</p>}
    </div>
  );
}

interface PictureProps {
  picture: PictureItem;
  place: number;
  name: string;
  busy: boolean;
  start: (task: Task) => void;
}

function Picture({ picture, place, name, busy, start }: PictureProps) {
  const t = useWords();
  const format = useFormat();
  const { url, failed } = useFileUrl(picture.thumbnailUrl);
  const input = useRef<HTMLInputElement>(null);
  const number = place + 1;
  return (
    <li className="picture">
      <div className="picture-frame">{url === null ? failed && t("pictures.unseen") : <img src={url} alt={t("pictures.alt", { name, number })} />}</div>
      <p className="picture-told">
        {place === 0 && <Badge tone="good">{t("pictures.main")}</Badge>}
        <span>{`${picture.width} × ${picture.height} · ${format.bytes(picture.size)}`}</span>
      </p>
      <div className="picture-actions">
        {place > 0 && <IconButton label={t("pictures.choose", { number })} icon={Star} disabled={busy} onClick={() => { start({ lead: picture }); }} />}
        <IconButton label={t("pictures.replace", { number })} icon={ImageUp} disabled={busy} onClick={() => { input.current?.click(); }} />
        <IconButton label={t("pictures.remove", { number })} icon={Trash2} disabled={busy} onClick={() => { start({ remove: picture }); }} />
      </div>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t("pictures.replace", { number })}
        accept={PICTURE_ENDINGS.join(",")}
        onChange={({ target }) => {
          const by = target.files?.[0];
          if (by !== undefined) start({ replace: picture, by });
          target.value = "";
        }}
      />
    </li>
  );
}
