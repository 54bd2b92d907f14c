import { candidateArrows, candidateStates } from '#domain/candidate-lifecycle.ts'
import { finalRunStates, runArrows } from '#domain/run-lifecycle.ts'
import { allowedActions, arrows, finalStates, runningStates, states } from '#domain/lifecycle.ts'

const running: readonly string[] = runningStates

/** docs/lifecycle.md, written from the table of arrows. */
export function renderLifecycle(): string {
  return [
    '# The life of a deployment',
    '',
    'Written from `src/domain/lifecycle.ts` by `test/domain/lifecycle-page.test.ts`; after a change of the table,',
    '`node --test --test-update-snapshots test/domain/lifecycle-page.test.ts` writes it anew.',
    '',
    '## As a picture',
    '',
    '```mermaid',
    ...diagram(),
    '```',
    '',
    'An environment has at most one deployment in the states of the inner box; the index `deployment_one_running` holds that.',
    '',
    '## As a table',
    '',
    '| from | on | to |',
    '|---|---|---|',
    ...arrows.map(([from, on, to]) => `| ${from} | ${on} | ${to} |`),
    '',
    '## State by state',
    '',
    '| state | final | one per environment | what can be asked of it |',
    '|---|---|---|---|',
    ...states.map((state) =>
      row(
        state,
        yes(finalStates.includes(state)),
        yes(running.includes(state)),
        allowedActions(state).join(', '),
      ),
    ),
    '',
    '## The life of a run',
    '',
    'Written from `src/domain/run-lifecycle.ts`. A run is an invocation of an executor that is no deployment.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> queued',
    ...runArrows.map(([from, on, to]) => `  ${from} --> ${to}: ${on}`),
    ...finalRunStates.map((state) => `  ${state} --> [*]`),
    '```',
    '',
    '## The life of a release candidate',
    '',
    'Written from `src/domain/candidate-lifecycle.ts`. One that is cut has its commit, and begins where it is built, or is',
    'ready at once; one that is picked is a number that is reserved until it has its commit. Only what is ready is deployed.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...['picking', 'building', 'ready'].map((state) => `  [*] --> ${state}`),
    ...candidateArrows.map(([from, on, to]) => `  ${from} --> ${to}: ${on}`),
    ...candidateStates
      .filter((state) => !candidateArrows.some(([from]) => from === state))
      .map((state) => `  ${state} --> [*]`),
    '```',
    '',
  ].join('\n')
}

/** Arrows within the box are drawn in it, the others outside, or Mermaid would pull their ends in. */
function diagram(): string[] {
  const inside = (state: string) => running.includes(state)
  const drawn = (indent: string, boxed: boolean) =>
    arrows
      .filter(([from, , to]) => (inside(from) && inside(to)) === boxed)
      .map(([from, on, to]) => `${indent}${from} --> ${to}: ${on}`)
  return [
    'stateDiagram-v2',
    '  [*] --> requested',
    '  state "one per environment" as one {',
    ...runningStates.map((state) => `    ${state}`),
    ...drawn('    ', true),
    '  }',
    ...drawn('  ', false),
    ...finalStates.map((state) => `  ${state} --> [*]`),
  ]
}

function row(...cells: string[]): string {
  return `| ${cells.join(' | ')} |`.replaceAll(/ {2,}/g, ' ')
}

function yes(is: boolean): string {
  return is ? 'yes' : ''
}
