// Everything, in one process: those of a file run beside one another, since they mostly wait.

import "./onboarding.js";
import "./errors.js";
import "./trouble.js";
import "./webhooks.js";
import "./restarts.js";
