/** What people asked in vain, what they complained of, and what the owner has answered. */
import { MessageSquarePlus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";
import { useWords } from "../words";
import { AnswerDialog } from "./answer-dialog";
import { Answers } from "./answers";
import { Ratings } from "./ratings";
import { Reports } from "./reports";
import type { Task } from "./task";
import { Unanswered } from "./unanswered";

export function QuestionsTab({ clone }: { clone: string }) {
  const t = useWords();
  const [task, setTask] = useState<Task | null>(null);
  return (
    <div className="know know-wide">
      <section className="section" aria-labelledby="unanswered">
        <h2 id="unanswered">{t("unanswered.title")}</h2>
        <p className="know-lead">{t("unanswered.lead")}</p>
        <Unanswered clone={clone} onAnswer={(item) => { setTask({ kind: "open", item }); }} />
      </section>
      <section className="section" aria-labelledby="reports">
        <h2 id="reports">{t("reports.title")}</h2>
        <Reports clone={clone} onCorrect={(report) => { setTask({ kind: "correct", report }); }} />
      </section>
      <section className="section" aria-labelledby="ratings">
        <h2 id="ratings">{t("ratings.title")}</h2>
        <Ratings clone={clone} />
      </section>
      <section className="section" aria-labelledby="answers">
        <div className="section-head">
          <h2 id="answers">{t("answers.title")}</h2>
          <Button size="small" icon={MessageSquarePlus} onClick={() => { setTask({ kind: "correct", report: null }); }}>
            {t("answers.correct")}
          </Button>
        </div>
        <p className="know-lead">{t("answers.lead")}</p>
        <Answers clone={clone} onEdit={(item) => { setTask({ kind: "edit", item }); }} />
      </section>
      <AnswerDialog clone={clone} task={task} onClose={() => { setTask(null); }} />
    </div>
  );
}
