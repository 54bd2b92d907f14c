import { lifeOfADeployment } from './life-of-a-deployment.ts'
import { nativeApi } from './native-api.ts'
import { nouns } from './nouns.ts'

/** What is said, and the title of the test that holds the house to it. */
export type Sentence = readonly [said: string, title: string]

/**
 * What the model says of every kind of project, sentence by sentence, each with its test. model.test.ts looks the
 * titles up.
 */
export const sentences: Record<string, readonly Sentence[]> = {
  nouns,
  'life of a deployment': lifeOfADeployment,
  'native API': nativeApi,
}
