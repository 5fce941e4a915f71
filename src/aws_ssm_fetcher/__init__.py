"""Which AWS services are in which regions, from AWS's published data.

In AWS Lambda this package arrives in two pieces: ``core`` in the shared layer, one stage in the function's own zip.
Python takes the first ``aws_ssm_fetcher`` it meets and would never look for the rest elsewhere,
so the path is extended over every folder of that name. Both pieces carry this same file.

Source: https://docs.python.org/3/library/pkgutil.html#pkgutil.extend_path
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

__version__ = "0.1.0"
