import { createComplexityRule } from '@pothos/plugin-complexity'
import { execute, validate, type ExecutionArgs, type ExecutionResult, type GraphQLError } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Context } from '#app/context.ts'
import { Bounded } from './bounded.ts'
import { Caller } from './caller.ts'
import { readDocument } from './documents.ts'
import { mostCost, mostDepth } from './limits.ts'
import { schema } from './schema.ts'
import { userError } from './user-error.ts'

/** What a client sends. */
export interface Asked {
  query: string
  variables?: Record<string, unknown>
  operationName?: string
}

export type Answer = ExecutionResult

/** What is loaded at the first request. */
export interface Serving {
  answer(ctx: Context, params: Asked): Promise<Answer>
}

/** Clients send the same few documents again and again; what they make up as they go is not kept for long. */
const kept = { most: 200, longest: 20_000 }

const limits: Plugin<{ caller: Caller }> = {
  onParse({ setParseFn }) {
    setParseFn((source) => readDocument(String(source)))
  },
  onExecute({ args, setExecuteFn, setResultAndStopExecution }) {
    setExecuteFn(executeFor as never)
    const errors = costErrors(args)
    if (errors.length > 0) setResultAndStopExecution({ errors })
  },
}

/** What a document costs depends on its variables, so it is asked anew each time. */
function costErrors({ document, variableValues, operationName }: ExecutionArgs): readonly GraphQLError[] {
  const rule = createComplexityRule({
    context: {},
    variableValues: (variableValues ?? {}) as Record<string, unknown>,
    operationName: operationName ?? null,
    validate: ({ complexity, depth }, report) => {
      if (depth > mostDepth)
        report(userError(`The query is more than ${mostDepth} levels deep.`, 'QUERY_TOO_COSTLY'))
      if (complexity > mostCost)
        report(
          userError(
            `The query may cost ${complexity}, and ${mostCost} is the most that is answered at once: ask for smaller pages.`,
            'QUERY_TOO_COSTLY',
          ),
        )
    },
  })
  return validate(schema, document, [rule])
}

function executeFor({ contextValue, ...args }: ExecutionArgs & { contextValue: { caller: Caller } }) {
  return execute({ ...args, contextValue: contextValue.caller })
}

const yoga = createYoga<{ caller: Caller }>({
  schema: schema as never,
  plugins: [limits as never],
  parserAndValidationCache: { documentCache: new Bounded(kept), errorCache: new Bounded(kept) },
  // The hall has read the request, and says the answer and the errors.
  maskedErrors: false,
  logging: false,
  graphiql: false,
  landingPage: false,
  multipart: false,
  batching: false,
  cors: false,
})

const request = new Request('http://headgate/graphql', { method: 'POST' })

/** Answers one document for one caller. Errors are as they were thrown: whoever asks says them. */
export async function answer(ctx: Context, params: Asked): Promise<Answer> {
  const caller = new Caller(ctx)
  return (await yoga.getResultForParams({ params, request }, { caller } as never)) as Answer
}
