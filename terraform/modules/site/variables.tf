variable "name" {
  description = "The name of the site's parts."
  type        = string
}

variable "bucket_arn" {
  description = "The bucket's ARN."
  type        = string
}

variable "bucket_domain_name" {
  description = "The bucket's regional address."
  type        = string
}

variable "latest_prefix" {
  description = "The prefix of the latest report in the bucket, the only part that the site serves."
  type        = string

  validation {
    condition     = can(regex("^[a-z].*/$", var.latest_prefix))
    error_message = "The site shows what lies below a prefix that ends with a slash, such as reports/latest/, and never the whole bucket."
  }
}

variable "root_object" {
  description = "The file served at the root address."
  type        = string
  default     = "index.html"
}

variable "not_found_page" {
  description = "The file served with the status 404 for a missing object."
  type        = string
  default     = "api/v1/404.html"
}

variable "is_public" {
  description = "Whether everybody on the web can read the site."
  type        = bool
  default     = false

  validation {
    condition     = var.is_public || length(var.trusted_key_group_ids) > 0 || var.web_acl_arn != null
    error_message = "Who can read the site? Set is_public = true for everybody, trusted_key_group_ids for holders of signed cookies or addresses, or web_acl_arn for what a web ACL lets through, such as the addresses of your network."
  }
}

variable "trusted_key_group_ids" {
  description = "CloudFront key groups whose signatures are needed to read the site; without one, none is needed."
  type        = list(string)
  default     = []
}

variable "web_acl_arn" {
  description = "A web ACL of AWS WAF, of scope CLOUDFRONT, that decides who can read the site, such as one that allows an IP set."
  type        = string
  default     = null

  validation {
    condition     = var.web_acl_arn == null || can(regex("^arn:aws[a-z-]*:wafv2:us-east-1:[0-9]{12}:global/webacl/", var.web_acl_arn))
    error_message = "CloudFront takes web ACLs of scope CLOUDFRONT only: arn:aws:wafv2:us-east-1:…:global/webacl/…"
  }
}

# The page is one file with its script and its style sheet inside; the policy that it carries itself names their hashes,
# which change with every release. A browser holds it to both.
variable "content_security_policy" {
  description = "What a page may load. The page of the report narrows it to its own script and style sheet."
  type        = string
  default     = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

variable "price_class" {
  description = "The price class, which selects CloudFront's locations."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "The price class is PriceClass_100, PriceClass_200 or PriceClass_All, not ${var.price_class}."
  }
}

variable "domain_name" {
  description = "Your domain name for the site, with its certificate; without one, it has CloudFront's."
  type        = string
  default     = null

  validation {
    condition     = (var.domain_name == null) == (var.certificate_arn == null)
    error_message = "A domain name needs a certificate_arn, and a certificate a domain_name."
  }
}

variable "certificate_arn" {
  description = "The certificate of that name, in us-east-1 as CloudFront demands."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:aws[a-z-]*:acm:us-east-1:", var.certificate_arn))
    error_message = "CloudFront takes certificates of us-east-1 only: arn:aws:acm:us-east-1:…"
  }
}
