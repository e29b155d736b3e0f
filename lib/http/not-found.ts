import { jsonAnswer, type HttpAnswer } from './http-answer.js';

/** For what is switched off or does not exist: JSON, so that no catch-all page passes for a document. */
export function notFoundAnswer(): HttpAnswer {
  return jsonAnswer(404, { error: 'not_found', error_description: 'There is nothing at this address' });
}
