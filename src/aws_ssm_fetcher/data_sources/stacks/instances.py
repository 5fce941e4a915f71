"""Where a resource names an instance type: by CloudFormation type and by Terraform resource type.

A path's ``*`` stands for each element of a list. Families are those of the lists of instance types by region.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Sized(NamedTuple):
    """A property that names instance types, and of which service they are."""

    family: str
    path: tuple[str, ...]


def _at(family: str, *paths: str) -> tuple[Sized, ...]:
    return tuple(Sized(family, tuple(path.split("."))) for path in paths)


CLOUDFORMATION: Final = {
    "AWS::EC2::Instance": _at("ec2", "InstanceType"),
    "AWS::EC2::LaunchTemplate": _at("ec2", "LaunchTemplateData.InstanceType"),
    "AWS::EC2::CapacityReservation": _at("ec2", "InstanceType"),
    "AWS::EC2::Host": _at("ec2", "InstanceType"),
    "AWS::EC2::EC2Fleet": _at("ec2", "LaunchTemplateConfigs.*.Overrides.*.InstanceType"),
    "AWS::EC2::SpotFleet": _at(
        "ec2",
        "SpotFleetRequestConfigData.LaunchSpecifications.*.InstanceType",
        "SpotFleetRequestConfigData.LaunchTemplateConfigs.*.Overrides.*.InstanceType",
    ),
    "AWS::AutoScaling::LaunchConfiguration": _at("ec2", "InstanceType"),
    "AWS::AutoScaling::AutoScalingGroup": _at("ec2", "MixedInstancesPolicy.LaunchTemplate.Overrides.*.InstanceType"),
    "AWS::EKS::Nodegroup": _at("ec2", "InstanceTypes.*"),
    "AWS::Batch::ComputeEnvironment": _at("ec2", "ComputeResources.InstanceTypes.*"),
    "AWS::ECS::CapacityProvider": _at(
        "ec2",
        "ManagedInstancesProvider.InstanceLaunchTemplate.InstanceRequirements.AllowedInstanceTypes.*",
    ),
    "AWS::ImageBuilder::InfrastructureConfiguration": _at("ec2", "InstanceTypes.*"),
    "AWS::Cloud9::EnvironmentEC2": _at("ec2", "InstanceType"),
    "AWS::RDS::DBInstance": _at("rds", "DBInstanceClass"),
    "AWS::RDS::DBCluster": _at("rds", "DBClusterInstanceClass"),
    "AWS::Neptune::DBInstance": _at("neptune", "DBInstanceClass"),
    "AWS::DocDB::DBInstance": _at("docdb", "DBInstanceClass"),
    "AWS::ElastiCache::CacheCluster": _at("elasticache", "CacheNodeType"),
    "AWS::ElastiCache::ReplicationGroup": _at("elasticache", "CacheNodeType"),
    "AWS::MemoryDB::Cluster": _at("memorydb", "NodeType"),
    "AWS::DAX::Cluster": _at("dax", "NodeType"),
    "AWS::Redshift::Cluster": _at("redshift", "NodeType"),
    "AWS::OpenSearchService::Domain": _at(
        "opensearch",
        "ClusterConfig.InstanceType",
        "ClusterConfig.DedicatedMasterType",
        "ClusterConfig.WarmType",
    ),
    "AWS::Elasticsearch::Domain": _at(
        "elasticsearch",
        "ElasticsearchClusterConfig.InstanceType",
        "ElasticsearchClusterConfig.DedicatedMasterType",
        "ElasticsearchClusterConfig.WarmType",
    ),
    "AWS::SageMaker::NotebookInstance": _at("sagemaker-notebook", "InstanceType"),
    "AWS::SageMaker::EndpointConfig": _at(
        "sagemaker-hosting", "ProductionVariants.*.InstanceType", "ShadowProductionVariants.*.InstanceType"
    ),
    "AWS::SageMaker::Cluster": _at("sagemaker-cluster", "InstanceGroups.*.InstanceType"),
    "AWS::EMR::Cluster": _at(
        "emr",
        "Instances.MasterInstanceGroup.InstanceType",
        "Instances.CoreInstanceGroup.InstanceType",
        "Instances.TaskInstanceGroups.*.InstanceType",
        "Instances.MasterInstanceFleet.InstanceTypeConfigs.*.InstanceType",
        "Instances.CoreInstanceFleet.InstanceTypeConfigs.*.InstanceType",
    ),
    "AWS::EMR::InstanceGroupConfig": _at("emr", "InstanceType"),
    "AWS::AmazonMQ::Broker": _at("mq", "HostInstanceType"),
    "AWS::GameLift::Fleet": _at("gamelift", "EC2InstanceType"),
    "AWS::AppStream::Fleet": _at("appstream", "InstanceType"),
    "AWS::AppStream::ImageBuilder": _at("appstream", "InstanceType"),
    "AWS::DMS::ReplicationInstance": _at("dms", "ReplicationInstanceClass"),
    "AWS::MSK::Cluster": _at("msk", "BrokerNodeGroupInfo.InstanceType"),
}

TERRAFORM: Final = {
    "aws_instance": _at("ec2", "instance_type"),
    "aws_spot_instance_request": _at("ec2", "instance_type"),
    "aws_launch_template": _at("ec2", "instance_type"),
    "aws_launch_configuration": _at("ec2", "instance_type"),
    "aws_ec2_capacity_reservation": _at("ec2", "instance_type"),
    "aws_ec2_host": _at("ec2", "instance_type"),
    "aws_autoscaling_group": _at("ec2", "mixed_instances_policy.*.launch_template.*.override.*.instance_type"),
    "aws_ec2_fleet": _at("ec2", "launch_template_config.*.override.*.instance_type"),
    "aws_spot_fleet_request": _at("ec2", "launch_specification.*.instance_type"),
    "aws_eks_node_group": _at("ec2", "instance_types.*"),
    "aws_batch_compute_environment": _at("ec2", "compute_resources.*.instance_type.*"),
    "aws_imagebuilder_infrastructure_configuration": _at("ec2", "instance_types.*"),
    "aws_cloud9_environment_ec2": _at("ec2", "instance_type"),
    "aws_db_instance": _at("rds", "instance_class"),
    "aws_rds_cluster_instance": _at("rds", "instance_class"),
    "aws_rds_cluster": _at("rds", "db_cluster_instance_class"),
    "aws_neptune_cluster_instance": _at("neptune", "instance_class"),
    "aws_docdb_cluster_instance": _at("docdb", "instance_class"),
    "aws_elasticache_cluster": _at("elasticache", "node_type"),
    "aws_elasticache_replication_group": _at("elasticache", "node_type"),
    "aws_memorydb_cluster": _at("memorydb", "node_type"),
    "aws_dax_cluster": _at("dax", "node_type"),
    "aws_redshift_cluster": _at("redshift", "node_type"),
    "aws_opensearch_domain": _at(
        "opensearch",
        "cluster_config.*.instance_type",
        "cluster_config.*.dedicated_master_type",
        "cluster_config.*.warm_type",
    ),
    "aws_elasticsearch_domain": _at(
        "elasticsearch",
        "cluster_config.*.instance_type",
        "cluster_config.*.dedicated_master_type",
        "cluster_config.*.warm_type",
    ),
    "aws_sagemaker_notebook_instance": _at("sagemaker-notebook", "instance_type"),
    "aws_sagemaker_endpoint_configuration": _at(
        "sagemaker-hosting", "production_variants.*.instance_type", "shadow_production_variants.*.instance_type"
    ),
    "aws_emr_cluster": _at(
        "emr",
        "master_instance_group.*.instance_type",
        "core_instance_group.*.instance_type",
        "master_instance_fleet.*.instance_type_configs.*.instance_type",
        "core_instance_fleet.*.instance_type_configs.*.instance_type",
    ),
    "aws_emr_instance_group": _at("emr", "instance_type"),
    "aws_mq_broker": _at("mq", "host_instance_type"),
    "aws_gamelift_fleet": _at("gamelift", "ec2_instance_type"),
    "aws_appstream_fleet": _at("appstream", "instance_type"),
    "aws_appstream_image_builder": _at("appstream", "instance_type"),
    "aws_dms_replication_instance": _at("dms", "replication_instance_class"),
    "aws_msk_cluster": _at("msk", "broker_node_group_info.*.instance_type"),
}
