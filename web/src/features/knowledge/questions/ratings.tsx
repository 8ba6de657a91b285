/** How people rated their conversations with the clone. It is never said who did. */
import { useQuery } from "@tanstack/react-query";
import { Star } from "lucide-react";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { listRatingsOptions, showCloneOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { RatingItem } from "@/wire/api/types.gen";
import { useWords } from "../words";

const STARS = [1, 2, 3, 4, 5] as const;

export function Ratings({ clone }: { clone: string }) {
  const t = useWords();
  const format = useFormat();
  const found = useQuery(listRatingsOptions());
  const own = useQuery(showCloneOptions({ path: { slug: clone } }));
  if (found.isPending || own.isPending) return <Skeleton lines={2} />;
  if (found.isError) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  if (own.isError) return <ErrorNote error={own.error} retry={() => void own.refetch()} />;
  const ratings = found.data.ratings.filter((rating) => rating.clone === own.data.slug);
  if (ratings.length === 0) return <p className="nothing">{t("ratings.none")}</p>;
  return (
    <>
      <p className="know-lead">{t("ratings.average", { average: format.number(averageOf(ratings), 1), count: ratings.length })}</p>
      <ul className="entries" aria-label={t("ratings.title")}>
        {ratings.map((rating) => (
          <Rating key={rating.sessionId} rating={rating} />
        ))}
      </ul>
    </>
  );
}

function averageOf(ratings: readonly RatingItem[]): number {
  return ratings.reduce((sum, { rating }) => sum + rating, 0) / ratings.length;
}

function Rating({ rating: { rating, words, ratedAt } }: { rating: RatingItem }) {
  const t = useWords();
  const format = useFormat();
  return (
    <li className="entry">
      <div className="entry-words">
        <p className="rated" role="img" aria-label={t("ratings.stars", { count: rating })}>
          {STARS.map((star) => (
            <Star key={star} className="icon" data-on={star <= rating} aria-hidden="true" />
          ))}
        </p>
        <p className="product-detail">{t("ratings.on", { date: format.date(ratedAt) })}</p>
        {words !== "" && <blockquote className="said">{words}</blockquote>}
      </div>
    </li>
  );
}
