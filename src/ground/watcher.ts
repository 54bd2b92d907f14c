import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { markName } from './process-tree.ts'

/** What becomes of one tree of processes when we die. */
export interface Watch {
  /** The group that it is, as soon as that is known. */
  watch(pid: number): void
  dismiss(): void
}

/**
 * Reads from a pipe of ours what is to be ended until we are gone, then ends each group and all that carries one of the
 * marks. Lines are `+ number mark` and `= number pid`, and `- number` where it ended by itself. A shell costs a megabyte;
 * it is in a session of its own, so that no signal meant for us reaches it.
 */
const watching = `
marks= groups=
without() {
  kept=
  for word in $1; do
    case $word in "$2":*) ;; *) kept="$kept $word" ;; esac
  done
}
while read -r sign number word; do
  case $sign in
    +) marks="$marks $number:$word" ;;
    =) groups="$groups $number:$word" ;;
    -)
      without "$marks" "$number"; marks=$kept
      without "$groups" "$number"; groups=$kept
      ;;
  esac
done
[ -z "$marks" ] && exit 0
for entry in $groups; do kill -KILL -- "-\${entry#*:}" 2>/dev/null; done
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=
  for file in /proc/[0-9]*/environ; do
    for entry in $marks; do
      if grep -qsF "$1=\${entry#*:}" "$file" 2>/dev/null; then
        pid=\${file#/proc/}
        kill -KILL "\${pid%/environ}" 2>/dev/null && found=1
      fi
    done
  done
  [ -z "$found" ] && exit 0
  sleep 0.1
done
`

let shell: ChildProcess | undefined
let last = 0
/** What the shell was told and is still to know: one that died is followed by another. */
const told = new Map<number, { mark: string; pid?: number }>()

/** Has a tree of processes ended with us, also where we are killed: one shell does that for all of them. */
export function startWatcher(mark: string): Watch {
  last += 1
  const number = last
  const entry: { mark: string; pid?: number } = { mark }
  told.set(number, entry)
  tell(`+ ${number} ${mark}\n`)
  return {
    watch(pid) {
      entry.pid = pid
      tell(`= ${number} ${pid}\n`)
    },
    dismiss() {
      told.delete(number)
      if (shell) tell(`- ${number}\n`)
    },
  }
}

function tell(line: string): void {
  if (shell) shell.stdin?.write(line)
  else openShell()
}

function openShell(): void {
  const child = spawn('/bin/sh', ['-c', watching, 'headgate-watcher', markName], {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  shell = child
  // Where there is no shell there is no watcher; what is left is then found by whoever takes it up.
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  child.once('close', () => {
    if (shell === child) shell = undefined
  })
  child.unref()
  // It is there as long as we are, and does not keep us.
  ;(child.stdin as unknown as Socket).unref()
  for (const [number, { mark, pid }] of told) {
    child.stdin.write(`+ ${number} ${mark}\n`)
    if (pid !== undefined) child.stdin.write(`= ${number} ${pid}\n`)
  }
}
