/** The kinds of lines of the log that this page has words for. */
export const ACTIONS = [
  "sign_in", "sign_out", "sign_in_code_made", "device_revoked", "key_changed", "configuration_changed", "document_upload",
  "voice_training", "face_training", "consent_changed", "data_access", "data_deletion", "security_event",
] as const;
export type Action = (typeof ACTIONS)[number];

export function actionOf(name: string): Action | null {
  return ACTIONS.find((action) => action === name) ?? null;
}
