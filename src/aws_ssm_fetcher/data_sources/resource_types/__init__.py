"""The second source: which CloudFormation resource types and instance types each region has."""
