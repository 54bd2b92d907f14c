/** What headgate.yaml says of this executor at an environment. */
export interface TerraformSettings {
  /** A path, or a name in PATH. */
  binary?: string
  /** What Terraform finds in its environment beside ours: credentials of clouds, TF_VAR_…, TF_CLI_CONFIG_FILE. */
  environment: Readonly<Record<string, string>>
  /** How long it waits for the state's lock. */
  lock_timeout_seconds: number
}

const usualLockTimeout = 30

export function readSettings(settings: { readonly [key: string]: unknown } = {}): TerraformSettings {
  const { binary, environment, lock_timeout_seconds } = settings as Partial<TerraformSettings>
  return {
    ...(binary === undefined ? {} : { binary }),
    environment: environment ?? {},
    lock_timeout_seconds: lock_timeout_seconds ?? usualLockTimeout,
  }
}
