/** Which browsers are signed in as the owner, signing them out, and letting another one in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Laptop } from "lucide-react";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { signOutHere } from "@/ui/sign-out";
import { useToasts } from "@/ui/toasts";
import type { DeviceItem } from "@/wire/api";
import { listDevicesOptions, listDevicesQueryKey, revokeDeviceMutation } from "@/wire/api/@tanstack/react-query.gen";
import { CodeCard } from "./code-card";
import { useWords } from "./words";

export function DevicesSection() {
  const t = useWords();
  const devices = useQuery(listDevicesOptions());
  const here = devices.data?.devices.find(({ current }) => current);
  return (
    <>
      <Card title={t("devices.list")}>
        {devices.isPending && <Skeleton />}
        {devices.isError && <ErrorNote error={devices.error} retry={() => void devices.refetch()} />}
        {devices.data?.devices.length === 0 && <p className="aside">{t("devices.empty")}</p>}
        {devices.data !== undefined && devices.data.devices.length > 0 && (
          <ul className="settings-list rows">
            {devices.data.devices.map((device) => (
              <Device key={device.id} device={device} />
            ))}
          </ul>
        )}
      </Card>
      <CodeCard />
      {devices.data !== undefined && <Here signedIn={here !== undefined} />}
    </>
  );
}

function Device({ device }: { device: DeviceItem }) {
  const t = useWords();
  const format = useFormat();
  const confirm = useConfirm();
  const toasts = useToasts();
  const queries = useQueryClient();
  const revoke = useMutation({
    ...revokeDeviceMutation(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: listDevicesQueryKey() });
      toasts.show({ text: t("devices.out", { name: device.name }) });
    },
  });
  const ask = async (): Promise<void> => {
    if (await confirm({ title: t("devices.outTitle", { name: device.name }), text: t("devices.outText"), action: t("devices.signOut") })) revoke.mutate({ path: { device_id: device.id } });
  };
  return (
    <li>
      <Laptop className="icon settings-icon" aria-hidden="true" />
      <div>
        <p>{device.name}</p>
        <p className="aside">{t("devices.seen", { when: format.dateTime(device.lastSeenAt), address: device.address })}</p>
        <p className="aside">{t("devices.until", { date: format.date(device.expiresAt) })}</p>
        {revoke.error !== null && <ErrorNote error={revoke.error} />}
      </div>
      {device.current ? (
        <Badge tone="good">{t("devices.this")}</Badge>
      ) : (
        <Button size="small" busy={revoke.isPending} aria-label={`${t("devices.signOut")}: ${device.name}`} onClick={() => void ask()}>
          {t("devices.signOut")}
        </Button>
      )}
    </li>
  );
}

/** Signing this browser out. The person at the machine itself is known without signing in. */
function Here({ signedIn }: { signedIn: boolean }) {
  const t = useWords();
  const leave = useMutation({ mutationFn: signOutHere });
  return (
    <Card title={t("devices.here")}>
      <p className="settings-lead">{t(signedIn ? "devices.hereText" : "devices.hereLocal")}</p>
      {leave.error !== null && <ErrorNote error={leave.error} />}
      {signedIn && (
        <div className="settings-row">
          <Button busy={leave.isPending} onClick={() => { leave.mutate(); }}>
            {t("devices.signOutHere")}
          </Button>
        </div>
      )}
    </Card>
  );
}
