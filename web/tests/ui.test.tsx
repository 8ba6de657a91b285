// @vitest-environment jsdom
/** The parts every page is made of, as a person or an assistant meets them. */
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { FileText } from "lucide-react";
import { useState } from "react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { Button, IconButton } from "@/ui/button";
import { ConfirmProvider, useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { FileDrop } from "@/ui/file-drop";
import { Form, useForm } from "@/ui/form";
import { Format } from "@/ui/i18n/format";
import { chooseLanguage } from "@/ui/i18n/language";
import { Rich } from "@/ui/i18n/rich";
import { Menu, MenuItem } from "@/ui/menu";
import { Progress } from "@/ui/progress";
import { Stepper } from "@/ui/stepper";
import { Table } from "@/ui/table";
import { ToastProvider, useToasts } from "@/ui/toasts";
import { pollAfter } from "@/ui/use-job";
import { ApiError } from "@/wire/api-error";

beforeAll(() => {
  // jsdom has neither of these.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
  HTMLElement.prototype.hasPointerCapture = () => false;
  HTMLElement.prototype.scrollIntoView = () => undefined;
});
afterEach(cleanup);

configure({ asyncUtilTimeout: 15_000 }); // pages are loaded when they are wanted, and the machine may be busy
const user = userEvent.setup();

describe("a form", () => {
  const schema = z.object({ name: z.string().min(1, "Write a name."), age: z.string().regex(/^\d+$/, "Write a number.") });

  function Sample({ onSubmit, failure = null }: { onSubmit: (values: { name: string; age: string }) => void; failure?: Error | null }) {
    const form = useForm(schema, { name: "", age: "" });
    const { errors } = form.formState;
    return (
      <Form form={form} onSubmit={onSubmit} failure={failure} actions={<Button type="submit">Send</Button>}>
        <TextField label="Name" hint="As friends call you" error={errors.name?.message} {...form.register("name")} />
        <TextField label="Age" error={errors.age?.message} {...form.register("age")} />
      </Form>
    );
  }

  it("says what is wrong, with the focus on the summary, and leads to the field", async () => {
    const sent = vi.fn();
    render(<Sample onSubmit={sent} />);
    await user.click(screen.getByRole("button", { name: "Send" }));
    const summary = await screen.findByRole("alert");
    expect(within(summary).getByRole("heading").textContent).toBe("2 things need your attention");
    expect(document.activeElement).toBe(summary);
    const name = screen.getByRole("textbox", { name: "Name" });
    expect(name.getAttribute("aria-invalid")).toBe("true");
    const described = (name.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(["As friends call you", "Write a name."]);
    await user.click(within(summary).getByRole("button", { name: "Write a number." }));
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Age" }));
    expect(sent).not.toHaveBeenCalled();
  });

  it("sends what is right, and shows what the server says against it", async () => {
    const sent = vi.fn();
    const { rerender } = render(<Sample onSubmit={sent} />);
    await user.type(screen.getByRole("textbox", { name: "Name" }), "Ada");
    await user.type(screen.getByRole("textbox", { name: "Age" }), "36");
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => {
      expect(sent).toHaveBeenCalled();
    });
    expect(sent.mock.calls[0]?.[0]).toEqual({ name: "Ada", age: "36" });
    rerender(<Sample onSubmit={sent} failure={new ApiError("This name is taken.", "CONFLICT", 409)} />);
    expect(screen.getByRole("alert").textContent).toContain("This name is taken.");
  });
});

describe("files", () => {
  const rules = { endings: [".wav", ".mp3"], maxBytes: 1000, many: 2 };
  const file = (name: string, size: number): File => new File([new Uint8Array(size)], name);
  const input = (): HTMLInputElement => screen.getByLabelText("Your voice", { selector: "input" });

  it.each([
    [[file("a.pdf", 10)], "a.pdf is not of a kind that can be used here (WAV, MP3)."],
    [[file("a.wav", 2000)], "a.wav is 2 kB; at most 1 kB can be used. Choose a smaller file."],
    [[file("a.wav", 0)], "a.wav is empty. Choose another file."],
    [[file("a.wav", 1), file("b.wav", 1), file("c.wav", 1)], "Only 2 files can be taken at once. Choose fewer."],
  ])("are refused with what to do about it (%#)", async (files, words) => {
    const took = vi.fn();
    render(<FileDrop label="Your voice" {...rules} onFiles={took} />);
    await userEvent.setup({ applyAccept: false }).upload(input(), files);
    expect(screen.getByRole("alert").textContent).toBe(words);
    expect(took).not.toHaveBeenCalled();
  });

  it("are taken, chosen with the keyboard", async () => {
    const took = vi.fn();
    render(<FileDrop label="Your voice" {...rules} onFiles={took} />);
    const click = vi.spyOn(input(), "click");
    await user.tab();
    await user.keyboard("{Enter}");
    expect(click).toHaveBeenCalled();
    await user.upload(input(), [file("A.WAV", 10)]);
    expect(took).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("what is said and asked", () => {
  function Sample({ commit, undo }: { commit: () => void; undo: () => void }) {
    const toasts = useToasts();
    const confirm = useConfirm();
    const [answer, setAnswer] = useState("");
    return (
      <>
        <Button onClick={() => { toasts.later({ text: "Deleted", commit, undo }); }}>Delete</Button>
        <Button onClick={() => void confirm({ title: "Erase all?", text: "It is gone for good.", action: "Erase" }).then((yes) => { setAnswer(String(yes)); })}>Ask</Button>
        <output>{answer}</output>
      </>
    );
  }
  const shown = (commit = vi.fn(), undo = vi.fn()): { commit: () => void; undo: () => void } => {
    render(
      <ToastProvider>
        <ConfirmProvider>
          <Sample commit={commit} undo={undo} />
        </ConfirmProvider>
      </ToastProvider>,
    );
    return { commit, undo };
  };

  it("can be undone, and is done once when the message goes", async () => {
    const first = shown();
    await user.click(screen.getByRole("button", { name: "Delete" }));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(first.undo).toHaveBeenCalledTimes(1);
    window.dispatchEvent(new Event("pagehide"));
    expect(first.commit).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Delete" }));
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    window.dispatchEvent(new Event("pagehide"));
    expect(first.commit).toHaveBeenCalledTimes(1);
  });

  it("is done when the page is left before the message went", async () => {
    const { commit } = shown();
    await user.click(screen.getByRole("button", { name: "Delete" }));
    expect(commit).not.toHaveBeenCalled();
    window.dispatchEvent(new Event("pagehide"));
    expect(commit).toHaveBeenCalledTimes(1);
  });

  it.each([["Erase", "true"], ["Cancel", "false"], ["Close", "false"]])("asks, and %s answers %s", async (name, answer) => {
    shown();
    await user.click(screen.getByRole("button", { name: "Ask" }));
    const dialog = screen.getByRole("alertdialog", { name: "Erase all?" });
    expect(dialog.textContent).toContain("It is gone for good.");
    await user.click(within(dialog).getByRole("button", { name }));
    expect((await screen.findByRole("status", { name: "" })).textContent).toBe(answer);
  });
});

describe("single parts", () => {
  it("an error says what happened and offers to try again", async () => {
    const again = vi.fn();
    render(<ErrorNote error={new ApiError("x", "UNREACHABLE")} retry={again} />);
    expect(screen.getByRole("alert").textContent).toContain("The server cannot be reached. Check the connection");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(again).toHaveBeenCalled();
  });

  it("a menu opens and works with the keyboard", async () => {
    const chosen = vi.fn();
    render(
      <Menu trigger={<IconButton label="More" icon={FileText} />}>
        <MenuItem onSelect={chosen}>Rename</MenuItem>
      </Menu>,
    );
    await user.tab();
    await user.keyboard("{Enter}{Enter}");
    expect(chosen).toHaveBeenCalled();
  });

  it("progress, steps and tables carry their names and states", () => {
    render(
      <MemoryRouter initialEntries={["/b"]}>
        <Progress label="Making the voice" value={0.42} detail="Listening" />
        <Stepper label="Steps" steps={[{ to: "/a", label: "Consent", done: true }, { to: "/b", label: "Voice", done: false }]} />
        <Table caption="Documents" columns={[{ key: "name", label: "Name", cell: ({ name }: { name: string }) => name }]} rows={[{ name: "cv.pdf" }]} rowKey={({ name }) => name} />
      </MemoryRouter>,
    );
    expect(screen.getByRole("progressbar", { name: "Making the voice" }).getAttribute("aria-valuenow")).toBe("42");
    expect(screen.getByRole("link", { current: "page" }).textContent).toContain("Voice");
    expect(screen.getByRole("link", { name: /Consent done/ })).toBeTruthy();
    expect(within(screen.getByRole("table", { name: "Documents" })).getByRole("cell").textContent).toBe("cv.pdf");
  });

  it("marked words become what they are marked for, and nothing else does", () => {
    render(<p><Rich text="See <link>the terms</link>, not <b>this</b>." parts={{ link: (words) => <a href="/terms">{words}</a> }} /></p>);
    expect(screen.getByRole("link").textContent).toBe("the terms");
    expect(screen.getByRole("paragraph").textContent).toBe("See the terms, not <b>this</b>.");
  });

  it("speaks another language when it is chosen", async () => {
    await chooseLanguage("zh");
    render(<ErrorNote error={new ApiError("x", "TIMEOUT")} retry={() => undefined} />);
    expect(await screen.findByRole("button", { name: "重试" })).toBeTruthy();
    expect(document.documentElement.lang).toBe("zh-Hans");
    await chooseLanguage("en");
  });

  it("waits longer between looks at long work, up to a bound", () => {
    const waits = [0, 1, 2, 5, 50].map(pollAfter);
    expect(waits[0]).toBe(1000);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(8000);
  });

  it.each([
    ["en", "1.5 MB", "42%", "1.2 s", "3 h 5 min"],
    ["es", "1,5 MB", "42 %", "1,2 s", "3 h 5 min"],
    ["zh", "1.5 MB", "42%", "1.2 s", "3 h 5 min"],
  ])("numbers in %s", (language, bytes, percent, duration, span) => {
    const format = new Format(language);
    const written = [format.bytes(1_500_000), format.percent(0.42), format.duration(1200), format.span(11_100)];
    expect(written.map((text) => text.replace(/\s/g, " "))).toEqual([bytes, percent, duration, span]);
  });
});
