"""Run the commands as `python -m crm.cli`, for machines where scripts are not on the path."""

from __future__ import annotations

import sys

from crm.cli.main import main

sys.exit(main())
