/** `faultlab history …`: runs over time. */
import { defineCommand } from '../command.js';
import { addFollowCommands } from '../history/follow.js';
import { addLookCommands } from '../history/look.js';

export const history = defineCommand({
  name: 'history',
  summary: 'List, compare and follow runs; show what is covered; remove old ones.',
  example: 'faultlab history compare last-pass last',
  configure: (command, context) => {
    addLookCommands(command, context);
    addFollowCommands(command, context);
  },
});
