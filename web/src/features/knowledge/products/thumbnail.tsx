/** A product's main picture, small; it opens the product's pictures, and without one it asks for one. */
import { ImagePlus } from "lucide-react";
import { useFileUrl } from "@/ui/use-file-url";
import type { ProductItem } from "@/wire/api/types.gen";
import { useWords } from "../words";
import "./pictures.css";

export function Thumbnail({ product: { name, pictures }, onOpen }: { product: ProductItem; onOpen: () => void }) {
  const t = useWords();
  const { url } = useFileUrl(pictures[0]?.thumbnailUrl);
  const label = pictures.length === 0 ? t("pictures.addNamed", { name }) : t("pictures.openNamed", { name, count: pictures.length });
  return (
    <button type="button" className="product-thumb" data-empty={pictures.length === 0 || undefined} aria-label={label} title={label} onClick={onOpen}>
      {pictures.length === 0 ? <ImagePlus className="icon" aria-hidden="true" /> : url !== null && <img src={url} alt="" />}
      {pictures.length > 1 && <span className="product-thumb-count" aria-hidden="true">{pictures.length}</span>}
    </button>
  );
}
