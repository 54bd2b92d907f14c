/** What a commit changes, whatever it stands on: two commits with one patch id are one change. */
export interface CommitPatchTable {
  repository_id: string
  commit_sha: string
  patch_id: string
}
